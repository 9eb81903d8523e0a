package main

import (
	"fmt"

	"k8s.io/apiextensions-apiserver/pkg/apihelpers"
	"k8s.io/apiextensions-apiserver/pkg/apis/apiextensions"
	"k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/install"
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	structuralschema "k8s.io/apiextensions-apiserver/pkg/apiserver/schema"
	structuraldefaulting "k8s.io/apiextensions-apiserver/pkg/apiserver/schema/defaulting"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/validation"
	crdserverscheme "k8s.io/apiextensions-apiserver/pkg/crdserverscheme"
	"k8s.io/apiextensions-apiserver/pkg/registry/customresource"
	"k8s.io/apiextensions-apiserver/pkg/registry/customresourcedefinition"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	"k8s.io/apimachinery/pkg/runtime/serializer/json"
	"k8s.io/apiserver/pkg/registry/rest"
)

// A servedVersion is one version of a custom resource, compiled as the API server compiles it.
type servedVersion struct {
	schema *structuralschema.Structural
	main   strategy
	status rest.RESTUpdateStrategy
}

// A definition is a CustomResourceDefinition that load-crd took.
type definition struct {
	kind                  schema.GroupKind
	preserveUnknownFields bool
	versions              map[string]servedVersion
}

var definitions = map[string]definition{}

var crdScheme = newCRDScheme()

var crdDecoder = serializer.NewCodecFactory(crdScheme).DecoderToVersion(
	json.NewSerializerWithOptions(json.DefaultMetaFactory, crdScheme, crdScheme, json.SerializerOptions{Strict: true}),
	runtime.InternalGroupVersioner,
)

func newCRDScheme() *runtime.Scheme {
	made := runtime.NewScheme()
	install.Install(made)
	metav1.AddToGroupVersion(made, schema.GroupVersion{Version: "v1"})
	return made
}

func askLoadCRD(asked question) any {
	object, _, err := crdDecoder.Decode(asked.Object, nil, nil)
	var problems []problem
	if err != nil {
		var onlyStrict bool
		if problems, onlyStrict = strictProblems(err); !onlyStrict {
			return admission{Errors: problems}
		}
	}
	crd, ok := object.(*apiextensions.CustomResourceDefinition)
	if !ok {
		return failed(fmt.Errorf("not a CustomResourceDefinition: %T", object))
	}
	found, warnings := create(customresourcedefinition.NewStrategy(crdScheme), crd)
	problems = append(problems, fieldProblems(found)...)
	if len(problems) > 0 {
		return admission{Errors: problems, Warnings: warnings}
	}
	compiled, err := compile(crd)
	if err != nil {
		return failed(err)
	}
	definitions[asked.Name] = compiled
	return admission{OK: true, Errors: []problem{}, Warnings: warnings}
}

// compile follows getOrCreateServingInfoFor of apiextensions-apiserver's customresource_handler.go.
func compile(internal *apiextensions.CustomResourceDefinition) (definition, error) {
	crd := &apiextensionsv1.CustomResourceDefinition{}
	if err := crdScheme.Convert(internal, crd, nil); err != nil {
		return definition{}, err
	}
	made := definition{
		kind:                  schema.GroupKind{Group: crd.Spec.Group, Kind: crd.Spec.Names.Kind},
		preserveUnknownFields: crd.Spec.PreserveUnknownFields,
		versions:              map[string]servedVersion{},
	}
	for _, version := range crd.Spec.Versions {
		if !version.Served {
			continue
		}
		served, err := compileVersion(crd, version)
		if err != nil {
			return definition{}, fmt.Errorf("version %s: %w", version.Name, err)
		}
		made.versions[version.Name] = served
	}
	return made, nil
}

func compileVersion(crd *apiextensionsv1.CustomResourceDefinition, version apiextensionsv1.CustomResourceDefinitionVersion) (served servedVersion, err error) {
	written, err := apihelpers.GetSchemaForVersion(crd, version.Name)
	if err != nil {
		return served, err
	}
	internal := &apiextensions.CustomResourceValidation{}
	if err := apiextensionsv1.Convert_v1_CustomResourceValidation_To_apiextensions_CustomResourceValidation(written, internal, nil); err != nil {
		return served, err
	}
	structural, err := structuralschema.NewStructural(internal.OpenAPIV3Schema)
	if err != nil {
		return served, err
	}
	served.schema = structural.DeepCopy()
	if err := structuraldefaulting.PruneDefaults(served.schema); err != nil {
		return served, err
	}
	validator, _, err := validation.NewSchemaValidator(internal.OpenAPIV3Schema)
	if err != nil {
		return served, err
	}
	statusValidator, status, scale, err := subresources(version, internal.OpenAPIV3Schema)
	if err != nil {
		return served, err
	}
	kind := schema.GroupVersionKind{Group: crd.Spec.Group, Version: version.Name, Kind: crd.Spec.Names.Kind}
	made := customresource.NewStrategy(crdserverscheme.NewUnstructuredObjectTyper(),
		crd.Spec.Scope == apiextensionsv1.NamespaceScoped, kind, validator, statusValidator, served.schema, status, scale,
		version.SelectableFields)
	served.main = made
	served.status = customresource.NewStatusStrategy(made)
	return served, nil
}

func subresources(version apiextensionsv1.CustomResourceDefinitionVersion, root *apiextensions.JSONSchemaProps) (
	validator validation.SchemaValidator,
	status *apiextensions.CustomResourceSubresourceStatus,
	scale *apiextensions.CustomResourceSubresourceScale,
	err error,
) {
	if version.Subresources == nil {
		return nil, nil, nil, nil
	}
	if version.Subresources.Status != nil {
		status = &apiextensions.CustomResourceSubresourceStatus{}
		if written, ok := root.Properties["status"]; ok {
			if validator, _, err = validation.NewSchemaValidator(&written); err != nil {
				return nil, nil, nil, err
			}
		}
	}
	if version.Subresources.Scale != nil {
		scale = &apiextensions.CustomResourceSubresourceScale{}
		err = apiextensionsv1.Convert_v1_CustomResourceSubresourceScale_To_apiextensions_CustomResourceSubresourceScale(
			version.Subresources.Scale, scale, nil)
	}
	return validator, status, scale, err
}
