"""Virtual Observatory data-access services from declared standards."""
