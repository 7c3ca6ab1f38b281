"""Measurement: real networks trained and attacked on real images, beside the model's predictions. Needs torch."""
