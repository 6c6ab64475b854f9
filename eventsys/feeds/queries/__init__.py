"""Reads of calendars to subscribe to."""
