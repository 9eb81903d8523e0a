//go:build tools

package main

// The controllers that ask the driver, so that go.mod pins all that they are built from.
import (
	_ "github.com/kubernetes-csi/external-provisioner/v6/cmd/csi-provisioner"
	_ "github.com/kubernetes-csi/external-resizer/v2/cmd/csi-resizer"
)
