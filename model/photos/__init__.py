"""Any bytes a person may send → one upright, bounded RGB image, or a refusal."""
