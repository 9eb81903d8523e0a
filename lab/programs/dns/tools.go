//go:build tools

// Package tools names the DNS server of the cluster, so that go.mod pins all that it is built from.
package tools

import _ "github.com/coredns/coredns"
