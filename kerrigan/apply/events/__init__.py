"""What happened elsewhere: webhooks, the schedule's reconcile, the gate of a pull request."""
