"""The verbs of answers: the only place that writes."""
