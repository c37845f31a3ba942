"""What every room stands on and none owns: database, guard, forms, language, pages, jobs."""
