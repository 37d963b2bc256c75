"""Faults put in on purpose: processes killed, power lost, disks full, bits flipped, histories forged."""
