//go:build tools

// Package tools names the S3 server of the tests of backups, so that go.mod pins all that it is built from.
package tools

import _ "github.com/versity/versitygw/cmd/versitygw"
