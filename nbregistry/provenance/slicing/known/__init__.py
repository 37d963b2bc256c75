"""What is known of libraries: names only, nothing of them is imported."""
