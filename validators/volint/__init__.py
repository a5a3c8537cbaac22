"""Conformance checks for Virtual Observatory services."""
