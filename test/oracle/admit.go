package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"regexp"

	"k8s.io/apimachinery/pkg/api/meta"
	genericvalidation "k8s.io/apimachinery/pkg/api/validation"
	pathvalidation "k8s.io/apimachinery/pkg/api/validation/path"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/validation/field"
	genericrequest "k8s.io/apiserver/pkg/endpoints/request"
	"k8s.io/apiserver/pkg/registry/rest"
)

// problem is one thing that the API server finds wrong. Type is a field.ErrorType, or FieldUnknown, FieldDuplicate or
// Undecodable for what strict decoding refuses.
type problem struct {
	Field    string `json:"field"`
	Type     string `json:"type"`
	Detail   string `json:"detail"`
	BadValue any    `json:"badValue,omitempty"`
	Message  string `json:"message"`
}

// strategy is what the API server knows of a kind: preparation, validation, warnings.
type strategy interface {
	rest.RESTCreateStrategy
	rest.RESTUpdateStrategy
}

// create does what rest.BeforeCreate does, and gives the errors as they are found instead of as a Status.
func create(kind rest.RESTCreateStrategy, object runtime.Object) ([]problem, []string) {
	metadata, err := meta.Accessor(object)
	if err != nil {
		panic(err)
	}
	rest.FillObjectMetaSystemFields(metadata)
	if metadata.GetGenerateName() != "" && metadata.GetName() == "" {
		metadata.SetName(metadata.GetGenerateName() + "abcde")
	}
	if !kind.NamespaceScoped() && metadata.GetNamespace() != "" {
		return []problem{{Field: "metadata.namespace", Type: "BadRequest", Message: "the namespace of the object does not match the request"}}, nil
	}
	ctx := genericrequest.WithNamespace(context.Background(), metadata.GetNamespace())
	kind.PrepareForCreate(ctx, object)
	errs := kind.Validate(ctx, object)
	if len(errs) == 0 {
		errs = genericvalidation.ValidateObjectMetaAccessor(metadata, kind.NamespaceScoped(), pathvalidation.ValidatePathSegmentName, field.NewPath("metadata"))
	}
	warnings := kind.WarningsOnCreate(ctx, object)
	kind.Canonicalize(object)
	return problems(errs), warnings
}

// update does what rest.BeforeUpdate does; the old object counts as stored, so its own errors are not told.
func update(kind strategy, object, old runtime.Object) ([]problem, []string) {
	metadata, err := meta.Accessor(object)
	if err != nil {
		panic(err)
	}
	oldMetadata, err := meta.Accessor(old)
	if err != nil {
		panic(err)
	}
	create(kind, old)
	oldMetadata.SetResourceVersion("1")
	if metadata.GetResourceVersion() == "" {
		metadata.SetResourceVersion("1")
	}
	if metadata.GetUID() == "" {
		metadata.SetUID(oldMetadata.GetUID())
	}
	metadata.SetGeneration(oldMetadata.GetGeneration())
	metadata.SetCreationTimestamp(oldMetadata.GetCreationTimestamp())
	ctx := genericrequest.WithNamespace(context.Background(), metadata.GetNamespace())
	kind.PrepareForUpdate(ctx, object, old)
	path := field.NewPath("metadata")
	errs := genericvalidation.ValidateObjectMetaAccessor(metadata, kind.NamespaceScoped(), pathvalidation.ValidatePathSegmentName, path)
	errs = append(errs, genericvalidation.ValidateObjectMetaAccessorUpdate(metadata, oldMetadata, path)...)
	errs = append(errs, kind.ValidateUpdate(ctx, object, old)...)
	warnings := kind.WarningsOnUpdate(ctx, object, old)
	kind.Canonicalize(object)
	return problems(errs), warnings
}

func problems(errs field.ErrorList) []problem {
	found := []problem{}
	seen := map[string]bool{}
	for _, err := range errs {
		if seen[err.Error()] {
			continue
		}
		seen[err.Error()] = true
		item := problem{Field: err.Field, Type: string(err.Type), Detail: err.Detail, Message: err.Error()}
		if _, omitted := err.BadValue.(field.OmitValueType); !omitted {
			item.BadValue = encodable(err.BadValue)
		}
		found = append(found, item)
	}
	return found
}

func encodable(value any) any {
	if _, err := json.Marshal(value); err != nil {
		return fmt.Sprint(value)
	}
	return value
}

var strictPattern = regexp.MustCompile(`^(unknown|duplicate) field "(.*)"$`)

// decodingProblems tells apart what strict decoding refuses from an object that cannot be decoded at all.
func decodingProblems(err error) []problem {
	if err == nil {
		return nil
	}
	strict, ok := runtime.AsStrictDecodingError(err)
	if !ok {
		return []problem{{Type: "Undecodable", Detail: err.Error(), Message: err.Error()}}
	}
	var found []problem
	for _, one := range strict.Errors() {
		item := problem{Type: "Undecodable", Detail: one.Error(), Message: one.Error()}
		if match := strictPattern.FindStringSubmatch(one.Error()); match != nil {
			item.Type = map[string]string{"unknown": "FieldUnknown", "duplicate": "FieldDuplicate"}[match[1]]
			item.Field = match[2]
		}
		found = append(found, item)
	}
	return found
}

// shown is the object without what the server alone fills in: the same answer for the same question.
func shown(text []byte, given json.RawMessage) any {
	var content, source map[string]any
	for _, step := range []struct {
		text []byte
		into *map[string]any
	}{{text, &content}, {given, &source}} {
		decoder := json.NewDecoder(bytes.NewReader(step.text))
		decoder.UseNumber()
		if err := decoder.Decode(step.into); err != nil {
			panic(err)
		}
	}
	if metadata, ok := content["metadata"].(map[string]any); ok {
		for _, key := range []string{"uid", "creationTimestamp", "generation", "resourceVersion"} {
			delete(metadata, key)
		}
	}
	if _, had := source["status"]; !had {
		delete(content, "status")
	}
	return content
}

func orEmpty[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}
