//go:build tools

// Package tools names the programs that write manifests for GitOps, so that go.mod pins all that they are built from.
package tools

import (
	_ "helm.sh/helm/v3/cmd/helm"
	_ "sigs.k8s.io/kustomize/kustomize/v5"
)
