import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { sessions } from 'sealring/lambda';
import { app } from './app.ts';

export const handler = sessions(async (event: APIGatewayProxyEventV2) =>
  app(`${event.requestContext.http.method} ${event.rawPath}`, event),
);
