"""What a form is: pure Python, no Qt, no network, no clock."""
