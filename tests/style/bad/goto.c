/* place: engine/bad.c */
int
bad (int value)
{
  if (value < 0)
    goto out;
  value++;
out:
  return value;
}
