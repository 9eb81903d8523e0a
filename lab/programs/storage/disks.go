package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
)

// What mkfs.xfs makes a file system of at least.
const smallestBytes = 300 << 20

var idPattern = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]*$`)

// The files of all volumes: one sparse file each, named as the volume.
type disks struct {
	folder string
}

// The file of a volume; an error for an identifier that could lead out of the folder.
func (d disks) file(id string) (string, error) {
	if !idPattern.MatchString(id) {
		return "", fmt.Errorf("%q is no volume of this driver", id)
	}
	return filepath.Join(d.folder, id), nil
}

func run(name string, args ...string) (string, error) {
	output, err := exec.Command(name, args...).CombinedOutput()
	text := strings.TrimSpace(string(output))
	if err != nil {
		return text, fmt.Errorf("%s %s: %w: %s", name, strings.Join(args, " "), err, text)
	}
	return text, nil
}

// Makes the file and its file system under another name first, so that a volume that exists is a whole one.
// Gives its size, which is that of an earlier call when there was one.
func (d disks) create(id string, bytes int64) (int64, error) {
	file, err := d.file(id)
	if err != nil {
		return 0, err
	}
	if known, err := os.Stat(file); err == nil {
		return known.Size(), nil
	}
	bytes = max(bytes, smallestBytes)
	unfinished := filepath.Join(d.folder, "."+id)
	if err := os.Remove(unfinished); err != nil && !os.IsNotExist(err) {
		return 0, err
	}
	if err := os.WriteFile(unfinished, nil, 0o600); err != nil {
		return 0, err
	}
	if err := os.Truncate(unfinished, bytes); err != nil {
		return 0, err
	}
	if _, err := run("mkfs.xfs", "-q", "-K", unfinished); err != nil {
		return 0, err
	}
	return bytes, os.Rename(unfinished, file)
}

func (d disks) remove(id string) error {
	file, err := d.file(id)
	if err != nil {
		return nil
	}
	if err := os.Remove(file); err != nil && !os.IsNotExist(err) {
		return err
	}
	return nil
}

// Makes the file larger, never smaller. The file system in it grows where it is mounted.
func (d disks) enlarge(id string, bytes int64) (int64, error) {
	file, err := d.file(id)
	if err != nil {
		return 0, err
	}
	known, err := os.Stat(file)
	if err != nil {
		return 0, err
	}
	if known.Size() >= bytes {
		return known.Size(), nil
	}
	return bytes, os.Truncate(file, bytes)
}

// Mounts a volume. `mount` takes the loop device that the file has already, if another node mounted it, and the kernel
// makes both mounts one file system.
func (d disks) mount(id, target string, options []string) error {
	file, err := d.file(id)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(target, 0o750); err != nil {
		return err
	}
	if isMounted(target) {
		return nil
	}
	_, err = run("mount", "-t", "xfs", "-o", strings.Join(append([]string{"loop"}, options...), ","), file, target)
	return err
}

func isMounted(target string) bool {
	return exec.Command("mountpoint", "--quiet", target).Run() == nil
}

func unmount(target string) error {
	if isMounted(target) {
		if _, err := run("umount", target); err != nil {
			return err
		}
	}
	// Not RemoveAll: a mount that was overlooked would be emptied.
	if err := os.Remove(target); err != nil && !os.IsNotExist(err) {
		return err
	}
	return nil
}

// Lets a mounted file system take all of its file.
func (d disks) grow(id, target string) error {
	file, err := d.file(id)
	if err != nil {
		return err
	}
	devices, err := run("losetup", "--associated", file, "--noheadings", "--output", "NAME")
	if err != nil {
		return err
	}
	for _, device := range strings.Fields(devices) {
		if _, err := run("losetup", "--set-capacity", device); err != nil {
			return err
		}
	}
	_, err = run("xfs_growfs", target)
	return err
}
