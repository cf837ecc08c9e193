"""What each study's stored runs say: a module a study."""
