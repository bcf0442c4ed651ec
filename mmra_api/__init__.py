"""mmra_api."""
