LEAST_IMAGES, MOST_IMAGES = 100, 10**6
"""Of a test of an attack: fewer show nothing, and more would be waited for too long."""
