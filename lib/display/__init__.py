"""What shows numbers and never makes them: plots, widgets, feature cards, explorers."""
