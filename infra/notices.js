/** Whether notices of successes are recorded: without an address that gets them each would cost a write for nothing. */
export async function successNotices({ resolveVariable }) {
  const address = await resolveVariable('param:alarmEmail');
  return address === '' || address === 'none' ? 'false' : 'true';
}
