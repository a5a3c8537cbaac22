"""Cutouts against peers, in one run: CPU, memory, and requests to a server."""
