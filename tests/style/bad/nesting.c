/* place: engine/bad.c */
int
bad (int a)
{
  while (a > 0)
    {
      while (a > 1)
        {
          while (a > 2)
            {
              while (a > 3)
                {
                  while (a > 4)
                    {
                      while (a > 5)
                        {
                          a--;
                        }
                    }
                }
            }
        }
    }
  return a;
}
