//go:build tools

// Names Argo CD's program, so that go.mod pins all that it is built from.
package main

import _ "github.com/argoproj/argo-cd/v3/cmd"
