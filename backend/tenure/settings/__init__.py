"""What an admin sets while the program runs; the row itself lies in the kernel, since every unit reads it."""
