// The storage of the test cluster: a CSI driver whose volumes are files with an XFS file system, mounted through loop
// devices. They have the size that was asked for, grow while they are mounted, and can be mounted by every node of the
// one machine that the cluster runs on, as a network disk could.
//
// With --registration it serves a node (and registers itself with the kubelet), without it serves the controller.
package main

import (
	"context"
	"flag"
	"log"
	"net"
	"os"

	"github.com/container-storage-interface/spec/lib/go/csi"
	"google.golang.org/grpc"
	registration "k8s.io/kubelet/pkg/apis/pluginregistration/v1"
)

const driverName = "disk.ballast.test"

type identity struct {
	csi.UnimplementedIdentityServer
}

func (identity) GetPluginInfo(context.Context, *csi.GetPluginInfoRequest) (*csi.GetPluginInfoResponse, error) {
	return &csi.GetPluginInfoResponse{Name: driverName, VendorVersion: "1"}, nil
}

func (identity) GetPluginCapabilities(context.Context, *csi.GetPluginCapabilitiesRequest) (*csi.GetPluginCapabilitiesResponse, error) {
	controller := &csi.PluginCapability_Service{Type: csi.PluginCapability_Service_CONTROLLER_SERVICE}
	expansion := &csi.PluginCapability_VolumeExpansion{Type: csi.PluginCapability_VolumeExpansion_ONLINE}
	return &csi.GetPluginCapabilitiesResponse{Capabilities: []*csi.PluginCapability{
		{Type: &csi.PluginCapability_Service_{Service: controller}},
		{Type: &csi.PluginCapability_VolumeExpansion_{VolumeExpansion: expansion}},
	}}, nil
}

func (identity) Probe(context.Context, *csi.ProbeRequest) (*csi.ProbeResponse, error) {
	return &csi.ProbeResponse{}, nil
}

// What the kubelet asks on the registration socket; usually a sidecar answers.
type registrar struct {
	registration.UnsafeRegistrationServer
	endpoint string
}

func (r registrar) GetInfo(context.Context, *registration.InfoRequest) (*registration.PluginInfo, error) {
	return &registration.PluginInfo{
		Type:              registration.CSIPlugin,
		Name:              driverName,
		Endpoint:          r.endpoint,
		SupportedVersions: []string{"1.0.0"},
	}, nil
}

func (registrar) NotifyRegistrationStatus(_ context.Context, status *registration.RegistrationStatus) (*registration.RegistrationStatusResponse, error) {
	if !status.PluginRegistered {
		log.Printf("the kubelet refused the driver: %s", status.Error)
	}
	return &registration.RegistrationStatusResponse{}, nil
}

// A socket that an earlier process left behind makes way.
func listen(path string) net.Listener {
	if err := os.Remove(path); err != nil && !os.IsNotExist(err) {
		log.Fatal(err)
	}
	listener, err := net.Listen("unix", path)
	if err != nil {
		log.Fatal(err)
	}
	return listener
}

func logFailures(ctx context.Context, request any, info *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
	answer, err := handler(ctx, request)
	if err != nil {
		log.Printf("%s %v: %v", info.FullMethod, request, err)
	}
	return answer, err
}

func main() {
	folder := flag.String("volumes", "", "folder of the volumes' files")
	endpoint := flag.String("endpoint", "", "socket to serve CSI on")
	node := flag.String("node", "", "name of the node")
	registrationSocket := flag.String("registration", "", "socket to be registered by")
	flag.Parse()

	disks := disks{folder: *folder}
	server := grpc.NewServer(grpc.UnaryInterceptor(logFailures))
	csi.RegisterIdentityServer(server, identity{})
	if *registrationSocket == "" {
		csi.RegisterControllerServer(server, controllerServer{disks: disks})
		log.Fatal(server.Serve(listen(*endpoint)))
	}
	csi.RegisterNodeServer(server, nodeServer{disks: disks, name: *node})
	listener := listen(*endpoint)
	go func() {
		registrations := grpc.NewServer()
		registration.RegisterRegistrationServer(registrations, registrar{endpoint: *endpoint})
		log.Fatal(registrations.Serve(listen(*registrationSocket)))
	}()
	log.Fatal(server.Serve(listener))
}
