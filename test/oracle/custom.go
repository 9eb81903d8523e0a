package main

import (
	"fmt"

	structuralschema "k8s.io/apiextensions-apiserver/pkg/apiserver/schema"
	structuraldefaulting "k8s.io/apiextensions-apiserver/pkg/apiserver/schema/defaulting"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/objectmeta"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/pruning"
	"k8s.io/apiextensions-apiserver/pkg/crdserverscheme"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/runtime/serializer/json"
)

type unstructuredCreator struct{}

// New makes the empty object that decoding fills.
func (unstructuredCreator) New(schema.GroupVersionKind) (runtime.Object, error) {
	return &unstructured.Unstructured{}, nil
}

var unstructuredJSON = json.NewSerializerWithOptions(json.DefaultMetaFactory, unstructuredCreator{},
	crdserverscheme.NewUnstructuredObjectTyper(), json.SerializerOptions{Strict: true})

// read decodes, prunes and defaults in the order of schemaCoercingDecoder and unstructuredDefaulter of
// apiextensions-apiserver's customresource_handler.go; what pruning drops is a problem, as with fieldValidation=Strict.
func (known definition) read(text []byte) (*unstructured.Unstructured, servedVersion, []problem) {
	var problems []problem
	decoded, _, err := unstructuredJSON.Decode(text, nil, nil)
	if err != nil {
		var onlyStrict bool
		if problems, onlyStrict = strictProblems(err); !onlyStrict {
			return nil, servedVersion{}, problems
		}
	}
	object, ok := decoded.(*unstructured.Unstructured)
	if !ok {
		return nil, servedVersion{}, failed(fmt.Errorf("not one object: %T", decoded)).Errors
	}
	version, err := known.version(object)
	if err != nil {
		return nil, version, failed(err).Errors
	}
	unknown, err := known.coerce(object, version)
	if err != nil {
		return nil, version, failed(err).Errors
	}
	for _, path := range unknown {
		problems = append(problems, strictProblem(fmt.Sprintf("unknown field %q", path)))
	}
	structuraldefaulting.Default(object.Object, version.schema)
	return object, version, problems
}

func (known definition) version(object *unstructured.Unstructured) (servedVersion, error) {
	kind := object.GroupVersionKind()
	version, served := known.versions[kind.Version]
	if !served || kind.GroupKind() != known.kind {
		return version, fmt.Errorf("no matches for kind %q in version %q", kind.Kind, object.GetAPIVersion())
	}
	return version, nil
}

// coerce follows unstructuredSchemaCoercer.apply, which is not exported, and gives the paths of unknown fields.
func (known definition) coerce(object *unstructured.Unstructured, version servedVersion) ([]string, error) {
	kind, apiVersion := object.GetKind(), object.GetAPIVersion()
	metadata, found, unknown, err := objectmeta.GetObjectMetaWithOptions(object.Object,
		objectmeta.ObjectMetaOptions{ReturnUnknownFieldPaths: true})
	if err != nil {
		return nil, err
	}
	if !known.preserveUnknownFields {
		options := structuralschema.UnknownFieldPathOptions{TrackUnknownFieldPaths: true}
		unknown = append(unknown, pruning.PruneWithOptions(object.Object, version.schema, true, options)...)
		structuraldefaulting.PruneNonNullableNullsWithoutDefaults(object.Object, version.schema)
	}
	refused, paths := objectmeta.CoerceWithOptions(nil, object.Object, version.schema, false,
		objectmeta.CoerceOptions{ReturnUnknownFieldPaths: true})
	if refused != nil {
		return nil, refused
	}
	object.SetKind(kind)
	object.SetAPIVersion(apiVersion)
	if found {
		if err := objectmeta.SetObjectMeta(object.Object, metadata); err != nil {
			return nil, err
		}
	}
	return append(unknown, paths...), nil
}

// askCustomResource admits on create, or on update when an old object is given; with subresource "status", as an update
// of the status alone.
func askCustomResource(asked question) any {
	known, ok := definitions[asked.CRD]
	if !ok {
		return failed(fmt.Errorf("no CustomResourceDefinition was loaded as %q", asked.CRD))
	}
	object, version, problems := known.read(asked.Object)
	if object == nil {
		return admission{Errors: problems}
	}
	var warnings []string
	if absent(asked.OldObject) {
		found, told := create(version.main, object)
		problems, warnings = append(problems, fieldProblems(found)...), told
	} else {
		old, _, oldProblems := known.read(asked.OldObject)
		if old == nil {
			return failed(fmt.Errorf("oldObject: %s", oldProblems[0].Detail))
		}
		rules := version.status
		if asked.Subresource != "status" {
			rules = version.main
		}
		found, told := update(rules, object, old)
		problems, warnings = append(problems, fieldProblems(found)...), told
	}
	return admission{OK: len(problems) == 0, Errors: orEmpty(problems), Warnings: warnings, Defaulted: withoutSystemFields(object.Object)}
}
