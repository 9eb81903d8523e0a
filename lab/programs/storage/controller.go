package main

import (
	"context"
	"os"

	"github.com/container-storage-interface/spec/lib/go/csi"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

type controllerServer struct {
	csi.UnimplementedControllerServer
	disks disks
}

func (controllerServer) ControllerGetCapabilities(context.Context, *csi.ControllerGetCapabilitiesRequest) (*csi.ControllerGetCapabilitiesResponse, error) {
	answer := &csi.ControllerGetCapabilitiesResponse{}
	for _, kind := range []csi.ControllerServiceCapability_RPC_Type{
		csi.ControllerServiceCapability_RPC_CREATE_DELETE_VOLUME,
		csi.ControllerServiceCapability_RPC_EXPAND_VOLUME,
	} {
		rpc := &csi.ControllerServiceCapability_RPC{Type: kind}
		answer.Capabilities = append(answer.Capabilities, &csi.ControllerServiceCapability{
			Type: &csi.ControllerServiceCapability_Rpc{Rpc: rpc},
		})
	}
	return answer, nil
}

func supported(capabilities []*csi.VolumeCapability) bool {
	for _, capability := range capabilities {
		if capability.GetMount() == nil {
			return false
		}
	}
	return len(capabilities) > 0
}

func (c controllerServer) CreateVolume(_ context.Context, request *csi.CreateVolumeRequest) (*csi.CreateVolumeResponse, error) {
	if !supported(request.GetVolumeCapabilities()) {
		return nil, status.Error(codes.InvalidArgument, "volumes of this driver are file systems")
	}
	id := request.GetName()
	wanted := request.GetCapacityRange()
	bytes, err := c.disks.create(id, wanted.GetRequiredBytes())
	if err != nil {
		return nil, status.Error(codes.Internal, err.Error())
	}
	if bytes < wanted.GetRequiredBytes() {
		return nil, status.Errorf(codes.AlreadyExists, "%s exists with %d bytes", id, bytes)
	}
	if limit := wanted.GetLimitBytes(); limit > 0 && bytes > limit {
		return nil, status.Errorf(codes.OutOfRange, "%s has %d bytes", id, bytes)
	}
	return &csi.CreateVolumeResponse{Volume: &csi.Volume{VolumeId: id, CapacityBytes: bytes}}, nil
}

func (c controllerServer) DeleteVolume(_ context.Context, request *csi.DeleteVolumeRequest) (*csi.DeleteVolumeResponse, error) {
	if err := c.disks.remove(request.GetVolumeId()); err != nil {
		return nil, status.Error(codes.Internal, err.Error())
	}
	return &csi.DeleteVolumeResponse{}, nil
}

func (c controllerServer) ValidateVolumeCapabilities(_ context.Context, request *csi.ValidateVolumeCapabilitiesRequest) (*csi.ValidateVolumeCapabilitiesResponse, error) {
	file, err := c.disks.file(request.GetVolumeId())
	if err != nil {
		return nil, status.Error(codes.NotFound, err.Error())
	}
	if _, err := os.Stat(file); err != nil {
		return nil, status.Error(codes.NotFound, err.Error())
	}
	if !supported(request.GetVolumeCapabilities()) {
		return &csi.ValidateVolumeCapabilitiesResponse{Message: "volumes of this driver are file systems"}, nil
	}
	confirmed := &csi.ValidateVolumeCapabilitiesResponse_Confirmed{VolumeCapabilities: request.GetVolumeCapabilities()}
	return &csi.ValidateVolumeCapabilitiesResponse{Confirmed: confirmed}, nil
}

func (c controllerServer) ControllerExpandVolume(_ context.Context, request *csi.ControllerExpandVolumeRequest) (*csi.ControllerExpandVolumeResponse, error) {
	bytes, err := c.disks.enlarge(request.GetVolumeId(), request.GetCapacityRange().GetRequiredBytes())
	if os.IsNotExist(err) {
		return nil, status.Error(codes.NotFound, err.Error())
	}
	if err != nil {
		return nil, status.Error(codes.Internal, err.Error())
	}
	return &csi.ControllerExpandVolumeResponse{CapacityBytes: bytes, NodeExpansionRequired: true}, nil
}
