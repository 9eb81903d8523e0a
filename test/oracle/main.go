package main

import (
	_ "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/install"
	_ "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/validation"
	_ "k8s.io/apiextensions-apiserver/pkg/apiserver/schema/defaulting"
	_ "k8s.io/apiextensions-apiserver/pkg/registry/customresource"
	_ "k8s.io/apiextensions-apiserver/pkg/registry/customresourcedefinition"
	_ "k8s.io/kubernetes/pkg/registry/apps/deployment"
	_ "k8s.io/kubernetes/pkg/registry/apps/statefulset"
	_ "k8s.io/kubernetes/pkg/registry/batch/cronjob"
	_ "k8s.io/kubernetes/pkg/registry/core/configmap"
	_ "k8s.io/kubernetes/pkg/registry/core/persistentvolumeclaim"
	_ "k8s.io/kubernetes/pkg/registry/core/secret"
	_ "k8s.io/kubernetes/pkg/registry/core/service"
	_ "k8s.io/kubernetes/pkg/registry/core/serviceaccount"
	_ "k8s.io/kubernetes/pkg/registry/networking/networkpolicy"
	_ "k8s.io/kubernetes/pkg/registry/policy/poddisruptionbudget"
	_ "k8s.io/kubernetes/pkg/registry/rbac/role"
	_ "k8s.io/kubernetes/pkg/registry/rbac/rolebinding"
	_ "github.com/robfig/cron/v3"
	_ "sigs.k8s.io/yaml"
	_ "sigs.k8s.io/json"
	_ "time/tzdata"
)

func main() {}
