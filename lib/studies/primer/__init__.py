"""Chapter 0, the primer."""
