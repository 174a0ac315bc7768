"""The files that are fed to the decoder: whole, damaged, odd and hostile ones."""
