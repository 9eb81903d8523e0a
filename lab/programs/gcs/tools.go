//go:build tools

// The package that is built from this module (lab/clouds/google.ts).
package tools

import _ "github.com/fsouza/fake-gcs-server"
