"""From runs to pages: settings, evidence, the runner, figures, cards."""
