import { flashes } from 'sealring/next';
import { login } from '../../sessions';
import { save } from './actions';

export default async function Saved() {
  const messages = await flashes(login);
  return (
    <form action={save}>
      {messages.map((message) => (
        <p key={message} role="alert">
          {message}
        </p>
      ))}
      <button>Save</button>
    </form>
  );
}
