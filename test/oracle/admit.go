package main

import (
	"context"

	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/api/validation"
	"k8s.io/apimachinery/pkg/api/validation/path"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/util/validation/field"
	"k8s.io/apiserver/pkg/endpoints/request"
	"k8s.io/apiserver/pkg/registry/rest"
)

// fillSystemFields sets what the API server sets before validation, and the namespace when none is given.
func fillSystemFields(scoped bool, object metav1.Object) {
	if scoped && object.GetNamespace() == "" {
		object.SetNamespace(metav1.NamespaceDefault)
	}
	if object.GetName() == "" && object.GetGenerateName() != "" {
		object.SetName(object.GetGenerateName() + "x7k2p")
	}
	object.SetUID(types.UID("00000000-0000-0000-0000-000000000000"))
	object.SetCreationTimestamp(metav1.Now())
}

func contextFor(object metav1.Object) context.Context {
	return request.WithNamespace(context.Background(), object.GetNamespace())
}

// create does what rest.BeforeCreate does, but gives the errors as they are found instead of as a Status.
func create(kind rest.RESTCreateStrategy, object runtime.Object) (field.ErrorList, []string) {
	accessor, err := meta.Accessor(object)
	if err != nil {
		panic(err)
	}
	fillSystemFields(kind.NamespaceScoped(), accessor)
	ctx := contextFor(accessor)
	kind.PrepareForCreate(ctx, object)
	found := kind.Validate(ctx, object)
	if len(found) == 0 {
		found = validation.ValidateObjectMetaAccessor(accessor, kind.NamespaceScoped(), path.ValidatePathSegmentName, field.NewPath("metadata"))
	}
	if len(found) > 0 {
		return found, nil
	}
	warnings := kind.WarningsOnCreate(ctx, object)
	kind.Canonicalize(object)
	return nil, warnings
}

// update does what rest.BeforeUpdate does; the old object counts as stored, whatever is wrong with it.
func update(kind rest.RESTUpdateStrategy, object, old runtime.Object) (field.ErrorList, []string) {
	accessor, err := meta.Accessor(object)
	if err != nil {
		panic(err)
	}
	oldAccessor, err := meta.Accessor(old)
	if err != nil {
		panic(err)
	}
	fillSystemFields(kind.NamespaceScoped(), oldAccessor)
	fillSystemFields(kind.NamespaceScoped(), accessor)
	oldAccessor.SetGeneration(1)
	oldAccessor.SetResourceVersion("1")
	accessor.SetResourceVersion("1")
	accessor.SetGeneration(oldAccessor.GetGeneration())
	accessor.SetUID(oldAccessor.GetUID())
	accessor.SetCreationTimestamp(oldAccessor.GetCreationTimestamp())
	ctx := contextFor(accessor)
	kind.PrepareForUpdate(ctx, object, old)
	at := field.NewPath("metadata")
	found := validation.ValidateObjectMetaAccessor(accessor, kind.NamespaceScoped(), path.ValidatePathSegmentName, at)
	found = append(found, validation.ValidateObjectMetaAccessorUpdate(accessor, oldAccessor, at)...)
	found = append(found, kind.ValidateUpdate(ctx, object, old)...)
	if len(found) > 0 {
		return found, nil
	}
	warnings := kind.WarningsOnUpdate(ctx, object, old)
	kind.Canonicalize(object)
	return nil, warnings
}

// withoutSystemFields takes out what the API server alone fills in, so that the same question has the same answer.
func withoutSystemFields(object map[string]any) map[string]any {
	if metadata, ok := object["metadata"].(map[string]any); ok {
		for _, key := range []string{"uid", "creationTimestamp", "generation", "resourceVersion"} {
			delete(metadata, key)
		}
	}
	return object
}
