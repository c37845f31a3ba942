"""From a kit's message to a stored reading; runs without the site."""
