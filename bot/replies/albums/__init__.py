"""Albums: one message answers all photos of one."""
