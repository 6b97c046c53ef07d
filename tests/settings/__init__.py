"""Tests of the room business."""
