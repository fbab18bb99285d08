"""Virtual disks as images: what their headers say is read here, what they hold is decoded by qemu."""
