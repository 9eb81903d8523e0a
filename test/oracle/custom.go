package main

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"

	"k8s.io/apiextensions-apiserver/pkg/apihelpers"
	"k8s.io/apiextensions-apiserver/pkg/apis/apiextensions"
	"k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/install"
	v1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	structuralschema "k8s.io/apiextensions-apiserver/pkg/apiserver/schema"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/defaulting"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/validation"
	"k8s.io/apiextensions-apiserver/pkg/crdserverscheme"
	"k8s.io/apiextensions-apiserver/pkg/registry/customresource"
	"k8s.io/apiextensions-apiserver/pkg/registry/customresourcedefinition"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/runtime/serializer"
)

var (
	crdScheme   = newCRDScheme()
	crdCodecs   = serializer.NewCodecFactory(crdScheme, serializer.EnableStrict)
	crdStrategy = customresourcedefinition.NewStrategy(crdScheme)
	loaded      = map[string]map[string]*version{}
)

// version is one served version of a custom resource, compiled.
type version struct {
	group      schema.GroupKind
	structural *structuralschema.Structural
	scoped     bool
	main       strategy
	status     strategy
}

func newCRDScheme() *runtime.Scheme {
	scheme := runtime.NewScheme()
	install.Install(scheme)
	return scheme
}

func admitCRD(text []byte) (*apiextensions.CustomResourceDefinition, []problem, []string) {
	decoder := crdCodecs.DecoderToVersion(jsonOf(crdCodecs).StrictSerializer, runtime.InternalGroupVersioner)
	object, _, err := decoder.Decode(text, nil, nil)
	errs := decodingProblems(err)
	crd, ok := object.(*apiextensions.CustomResourceDefinition)
	if !ok {
		return nil, append(errs, problem{Field: "kind", Type: "Undecodable", Message: "not a CustomResourceDefinition"}), nil
	}
	found, warnings := create(crdStrategy, crd)
	return crd, append(errs, found...), warnings
}

// askCRD gives the verdict on a CustomResourceDefinition: structural schema, CEL compilation and cost budget included.
func askCRD(req request) answer {
	_, errs, warnings := admitCRD(req.Object)
	return answer{"ok": len(errs) == 0, "errors": orEmpty(errs), "warnings": orEmpty(warnings)}
}

// askLoadCRD compiles a CustomResourceDefinition once, for cr by its name.
func askLoadCRD(req request) answer {
	crd, errs, warnings := admitCRD(req.Object)
	if len(errs) > 0 {
		return answer{"ok": false, "errors": errs, "warnings": orEmpty(warnings)}
	}
	versions, err := compile(crd)
	if err != nil {
		return answer{"ok": false, "errors": decodingProblems(err)}
	}
	name := req.Name
	if name == "" {
		name = crd.Name
	}
	loaded[name] = versions
	return answer{"ok": true, "name": name, "errors": []problem{}, "warnings": orEmpty(warnings)}
}

func compile(internal *apiextensions.CustomResourceDefinition) (map[string]*version, error) {
	crd := &v1.CustomResourceDefinition{}
	if err := crdScheme.Convert(internal, crd, nil); err != nil {
		return nil, err
	}
	versions := map[string]*version{}
	for _, one := range crd.Spec.Versions {
		compiled, err := compileVersion(crd, one)
		if err != nil {
			return nil, err
		}
		versions[crd.Spec.Group+"/"+one.Name+"/"+crd.Spec.Names.Kind] = compiled
	}
	return versions, nil
}

// compileVersion follows getOrCreateServingInfoFor in apiextensions-apiserver's customresource_handler.go.
func compileVersion(crd *v1.CustomResourceDefinition, one v1.CustomResourceDefinitionVersion) (*version, error) {
	served, err := apihelpers.GetSchemaForVersion(crd, one.Name)
	if err != nil {
		return nil, err
	}
	internal := &apiextensions.CustomResourceValidation{}
	if err := v1.Convert_v1_CustomResourceValidation_To_apiextensions_CustomResourceValidation(served, internal, nil); err != nil {
		return nil, err
	}
	structural, err := structuralschema.NewStructural(internal.OpenAPIV3Schema)
	if err != nil {
		return nil, err
	}
	structural = structural.DeepCopy()
	if err := defaulting.PruneDefaults(structural); err != nil {
		return nil, err
	}
	validator, _, err := validation.NewSchemaValidator(internal.OpenAPIV3Schema)
	if err != nil {
		return nil, err
	}
	var statusSpec *apiextensions.CustomResourceSubresourceStatus
	var scaleSpec *apiextensions.CustomResourceSubresourceScale
	var statusValidator validation.SchemaValidator
	if one.Subresources != nil && one.Subresources.Status != nil {
		statusSpec = &apiextensions.CustomResourceSubresourceStatus{}
		if properties, has := internal.OpenAPIV3Schema.Properties["status"]; has {
			if statusValidator, _, err = validation.NewSchemaValidator(&properties); err != nil {
				return nil, err
			}
		}
	}
	if one.Subresources != nil && one.Subresources.Scale != nil {
		scaleSpec = &apiextensions.CustomResourceSubresourceScale{}
		if err := v1.Convert_v1_CustomResourceSubresourceScale_To_apiextensions_CustomResourceSubresourceScale(one.Subresources.Scale, scaleSpec, nil); err != nil {
			return nil, err
		}
	}
	kind := schema.GroupVersionKind{Group: crd.Spec.Group, Version: one.Name, Kind: crd.Spec.Names.Kind}
	scoped := crd.Spec.Scope == v1.NamespaceScoped
	main := customresource.NewStrategy(crdserverscheme.NewUnstructuredObjectTyper(), scoped, kind, validator, statusValidator,
		structural, statusSpec, scaleSpec, one.SelectableFields)
	return &version{
		group: kind.GroupKind(), structural: structural, scoped: scoped,
		main: main, status: customresource.NewStatusStrategy(main),
	}, nil
}

// crdNamed finds what "crd" of a request means: the name of a loaded definition, or a definition itself.
func crdNamed(reference json.RawMessage) (map[string]*version, error) {
	var name string
	if err := json.Unmarshal(reference, &name); err != nil {
		name = fmt.Sprintf("%x", sha256.Sum256(reference))
	}
	if versions, known := loaded[name]; known {
		return versions, nil
	}
	if len(reference) == 0 || reference[0] != '{' {
		return nil, fmt.Errorf("there is no loaded CRD %q", name)
	}
	crd, errs, _ := admitCRD(reference)
	if len(errs) > 0 {
		return nil, fmt.Errorf("the CRD is refused: %s: %s", errs[0].Field, errs[0].Message)
	}
	versions, err := compile(crd)
	loaded[name] = versions
	return versions, err
}
