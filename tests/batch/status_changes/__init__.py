"""Tests of status changes of many accounts as a job."""
