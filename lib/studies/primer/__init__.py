"""Chapter 0, the primer: its settings and plots."""
