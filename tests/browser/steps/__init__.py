"""What each person does on the way of a meeting, step by step; every step says what that person sees."""
