import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { sessions } from 'sealring/lambda';
import { app } from './app.ts';

export const handler = sessions(async (event: APIGatewayProxyEventV2) => {
  const { method } = event.requestContext.http;
  return await app(`${method} ${event.rawPath}`, event);
});
