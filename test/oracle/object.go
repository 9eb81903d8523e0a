package main

import (
	"fmt"

	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/runtime/serializer/json"
	"k8s.io/apimachinery/pkg/util/validation/field"
	"k8s.io/apiserver/pkg/registry/rest"
	"k8s.io/kubernetes/pkg/api/legacyscheme"
	_ "k8s.io/kubernetes/pkg/apis/admissionregistration/install"
	_ "k8s.io/kubernetes/pkg/apis/apps/install"
	_ "k8s.io/kubernetes/pkg/apis/batch/install"
	_ "k8s.io/kubernetes/pkg/apis/core/install"
	_ "k8s.io/kubernetes/pkg/apis/networking/install"
	_ "k8s.io/kubernetes/pkg/apis/policy/install"
	_ "k8s.io/kubernetes/pkg/apis/rbac/install"
	"k8s.io/kubernetes/pkg/registry/admissionregistration/mutatingwebhookconfiguration"
	"k8s.io/kubernetes/pkg/registry/admissionregistration/validatingwebhookconfiguration"
	"k8s.io/kubernetes/pkg/registry/apps/deployment"
	"k8s.io/kubernetes/pkg/registry/apps/statefulset"
	"k8s.io/kubernetes/pkg/registry/batch/cronjob"
	"k8s.io/kubernetes/pkg/registry/batch/job"
	"k8s.io/kubernetes/pkg/registry/core/configmap"
	corenamespace "k8s.io/kubernetes/pkg/registry/core/namespace"
	"k8s.io/kubernetes/pkg/registry/core/persistentvolumeclaim"
	"k8s.io/kubernetes/pkg/registry/core/pod"
	"k8s.io/kubernetes/pkg/registry/core/secret"
	"k8s.io/kubernetes/pkg/registry/core/service"
	"k8s.io/kubernetes/pkg/registry/core/serviceaccount"
	"k8s.io/kubernetes/pkg/registry/networking/networkpolicy"
	"k8s.io/kubernetes/pkg/registry/policy/poddisruptionbudget"
	"k8s.io/kubernetes/pkg/registry/rbac/clusterrole"
	"k8s.io/kubernetes/pkg/registry/rbac/clusterrolebinding"
	"k8s.io/kubernetes/pkg/registry/rbac/role"
	"k8s.io/kubernetes/pkg/registry/rbac/rolebinding"
)

// A strategy is the API server's own code for creating and updating one kind.
type strategy interface {
	rest.RESTCreateStrategy
	rest.RESTUpdateStrategy
}

var strategies = map[schema.GroupKind]strategy{
	{Group: "apps", Kind: "StatefulSet"}:                          statefulset.Strategy,
	{Group: "apps", Kind: "Deployment"}:                           deployment.Strategy,
	{Group: "batch", Kind: "CronJob"}:                             cronjob.Strategy,
	{Group: "batch", Kind: "Job"}:                                 job.Strategy,
	{Kind: "ConfigMap"}:                                           configmap.Strategy,
	{Kind: "Namespace"}:                                           corenamespace.Strategy,
	{Kind: "PersistentVolumeClaim"}:                               persistentvolumeclaim.Strategy,
	{Kind: "Pod"}:                                                 pod.Strategy,
	{Kind: "Secret"}:                                              secret.Strategy,
	{Kind: "Service"}:                                             service.Strategy,
	{Kind: "ServiceAccount"}:                                      serviceaccount.Strategy,
	{Group: "networking.k8s.io", Kind: "NetworkPolicy"}:           networkpolicy.Strategy,
	{Group: "policy", Kind: "PodDisruptionBudget"}:                poddisruptionbudget.Strategy,
	{Group: rbacGroup, Kind: "ClusterRole"}:                       clusterrole.Strategy,
	{Group: rbacGroup, Kind: "ClusterRoleBinding"}:                clusterrolebinding.Strategy,
	{Group: rbacGroup, Kind: "Role"}:                              role.Strategy,
	{Group: rbacGroup, Kind: "RoleBinding"}:                       rolebinding.Strategy,
	{Group: webhookGroup, Kind: "ValidatingWebhookConfiguration"}: validatingwebhookconfiguration.Strategy,
	{Group: webhookGroup, Kind: "MutatingWebhookConfiguration"}:   mutatingwebhookconfiguration.Strategy,
}

const (
	rbacGroup    = "rbac.authorization.k8s.io"
	webhookGroup = "admissionregistration.k8s.io"
)

// builtIn decodes as strictly as the API server does with fieldValidation=Strict, sets defaults, and converts.
var builtIn = legacyscheme.Codecs.DecoderToVersion(
	json.NewSerializerWithOptions(json.DefaultMetaFactory, legacyscheme.Scheme, legacyscheme.Scheme,
		json.SerializerOptions{Strict: true}),
	runtime.InternalGroupVersioner,
)

func decodeBuiltIn(text []byte) (runtime.Object, *schema.GroupVersionKind, []problem) {
	object, kind, err := builtIn.Decode(text, nil, nil)
	if err == nil {
		return object, kind, nil
	}
	problems, onlyStrict := strictProblems(err)
	if !onlyStrict {
		object = nil
	}
	return object, kind, problems
}

func askObject(asked question) any {
	object, kind, problems := decodeBuiltIn(asked.Object)
	if object == nil {
		return admission{Errors: problems}
	}
	known, ok := strategies[kind.GroupKind()]
	if !ok {
		return admission{Errors: []problem{strictProblem("the oracle knows no " + kind.GroupKind().String())}}
	}
	found, warnings, err := createOrUpdate(known, object, asked.OldObject)
	if err != nil {
		return failed(err)
	}
	problems = append(problems, fieldProblems(found)...)
	stored, err := legacyscheme.Scheme.ConvertToVersion(object, kind.GroupVersion())
	if err != nil {
		return failed(err)
	}
	fields, err := runtime.DefaultUnstructuredConverter.ToUnstructured(stored)
	if err != nil {
		return failed(err)
	}
	return admission{OK: len(problems) == 0, Errors: orEmpty(problems), Warnings: warnings, Defaulted: withoutSystemFields(fields)}
}

func createOrUpdate(known strategy, object runtime.Object, oldText []byte) (field.ErrorList, []string, error) {
	if absent(oldText) {
		found, warnings := create(known, object)
		return found, warnings, nil
	}
	old, _, problems := decodeBuiltIn(oldText)
	if old == nil {
		return nil, nil, fmt.Errorf("oldObject: %s", problems[0].Detail)
	}
	found, warnings := update(known, object, old)
	return found, warnings, nil
}

func absent(text []byte) bool {
	return len(text) == 0 || string(text) == "null"
}

func orEmpty(problems []problem) []problem {
	if problems == nil {
		return []problem{}
	}
	return problems
}
