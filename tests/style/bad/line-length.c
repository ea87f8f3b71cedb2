/* place: engine/bad.c */
/* long long long long long long long long long long long long long long long long long long long long long long long long */
