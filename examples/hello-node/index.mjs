// What stands here runs once, when an environment is initialised.
const greeting = 'Hello';

// Runs for each event.
export const handler = async (event, context) => {
  const name = event.name ?? 'world';
  console.log(`greeting ${name}, ${context.getRemainingTimeInMillis()} ms left`);
  return { message: `${greeting}, ${name}` };
};
