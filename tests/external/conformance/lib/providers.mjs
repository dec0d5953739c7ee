// The providers of s8: the official SDK's client, the model as the SDK writes it, and Tuppence's upstream for the same.
import { AnthropicBedrock, AnthropicBedrockMantle } from '@anthropic-ai/bedrock-sdk';
import { AnthropicAws } from '@anthropic-ai/aws-sdk';
import { AnthropicVertex } from '@anthropic-ai/vertex-sdk';
import { AnthropicFoundry } from '@anthropic-ai/foundry-sdk';
import { AnthropicGoogleCloud } from '@anthropic-ai/google-cloud-sdk';

const KEYS = { awsAccessKey: 'AKIATEST', awsSessionToken: 'tok', awsRegion: 'us-east-1' };
const QUIET = { maxRetries: 0, logLevel: 'off' };
export const SECRET = 'secret';
export const AWS_ENV = { AWS_ACCESS_KEY_ID: 'AKIATEST', AWS_SECRET_ACCESS_KEY: SECRET, AWS_SESSION_TOKEN: 'tok' };

const google = {
  projectId: 'proj',
  getRequestHeaders: async () => new Headers({ authorization: 'Bearer ya29.test' }),
};

/**
 * model: what the SDK is given; name: what a client of the gateway says; upstream(base, metadata): the gateway's configuration, and env: its
 * environment; counts: whether the provider counts tokens.
 */
export const providers = {
  bedrock: {
    client: (base) => new AnthropicBedrock({ ...KEYS, awsSecretKey: SECRET, baseURL: base, ...QUIET }),
    model: 'us.anthropic.claude-sonnet-4-5-20250929-v1:0',
    name: 'claude-sonnet-4-5',
    upstream: (base) => ({ provider: 'bedrock', url: base, region: 'us-east-1', cloud_identity: 'aws' }),
    env: () => AWS_ENV,
    counts: false,
  },
  'bedrock-arn': {
    client: (base) => new AnthropicBedrock({ ...KEYS, awsSecretKey: SECRET, baseURL: base, ...QUIET }),
    model: 'arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abc def',
    name: 'house-model',
    upstream: (base) => ({
      provider: 'bedrock', url: base, region: 'us-east-1', cloud_identity: 'aws',
      model_aliases: { 'house-model': 'arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abc def' },
    }),
    env: () => AWS_ENV,
    counts: false,
  },
  'bedrock-bearer': {
    client: (base) => new AnthropicBedrock({ apiKey: 'bedrock-api-key-1', awsRegion: 'us-east-1', baseURL: base, ...QUIET }),
    model: 'anthropic.claude-haiku-4-5',
    name: 'anthropic.claude-haiku-4-5',
    upstream: (base) => ({ provider: 'bedrock', url: base, region: 'us-east-1', api_key: 'bedrock-api-key-1' }),
    counts: false,
  },
  mantle: {
    client: (base) => new AnthropicBedrockMantle({ ...KEYS, awsSecretAccessKey: SECRET, baseURL: `${base}/anthropic`, ...QUIET }),
    model: 'anthropic.claude-opus-5',
    name: 'claude-opus-5',
    upstream: (base) => ({ provider: 'bedrock-messages', url: `${base}/anthropic`, region: 'us-east-1', cloud_identity: 'aws' }),
    env: (metadata) => ({ AWS_CONTAINER_CREDENTIALS_FULL_URI: `${metadata}/aws/container`, AWS_CONTAINER_AUTHORIZATION_TOKEN: 'proof' }),
    counts: true,
  },
  aws: {
    client: (base) => new AnthropicAws({ ...KEYS, awsSecretAccessKey: SECRET, workspaceId: 'wrkspc_1', baseURL: base, ...QUIET }),
    model: 'claude-opus-5',
    name: 'claude-opus-5',
    upstream: (base) => ({ provider: 'claude-on-aws', url: base, region: 'us-east-1', workspace: 'wrkspc_1', cloud_identity: 'aws' }),
    env: () => AWS_ENV,
    counts: true,
  },
  'aws-key': {
    client: (base) => new AnthropicAws({ apiKey: 'aws-key-1', awsRegion: 'us-east-1', workspaceId: 'wrkspc_1', baseURL: base, ...QUIET }),
    model: 'claude-opus-5',
    name: 'claude-opus-5',
    upstream: (base) => ({ provider: 'claude-on-aws', url: base, region: 'us-east-1', workspace: 'wrkspc_1', api_key: 'aws-key-1' }),
    counts: true,
  },
  vertex: {
    client: (base) => new AnthropicVertex({ region: 'us-east5', projectId: 'proj', accessToken: 'ya29.test', authClient: google, baseURL: `${base}/v1`, ...QUIET }),
    model: 'claude-sonnet-4-5@20250929',
    name: 'claude-sonnet-4-5-20250929',
    upstream: (base) => ({ provider: 'vertex', url: base, region: 'us-east5', project: 'proj', cloud_identity: 'google' }),
    env: (metadata) => ({ GCE_METADATA_HOST: metadata.replace('http://', '') }),
    counts: true,
  },
  'google-cloud': {
    client: (base) => new AnthropicGoogleCloud({
      project: 'proj', location: 'global', workspaceId: 'wrkspc_1', bearerTokenProvider: async () => 'ya29.test',
      baseURL: `${base}/v1alpha/projects/proj/locations/global/workspaces/wrkspc_1/invoke`, ...QUIET,
    }),
    model: 'claude-haiku-5-5',
    name: 'claude-haiku-5-5',
    upstream: (base) => ({
      provider: 'claude-on-google-cloud', url: `${base}/v1alpha/projects/proj/locations/global/workspaces/wrkspc_1/invoke`, cloud_identity: 'google',
    }),
    env: (metadata) => ({ GCE_METADATA_HOST: metadata.replace('http://', '') }),
    counts: true,
  },
  foundry: {
    client: (base) => new AnthropicFoundry({ apiKey: 'foundry-key', baseURL: `${base}/anthropic/`, ...QUIET }),
    model: 'my-deployment',
    name: 'my-deployment',
    upstream: (base) => ({ provider: 'foundry', url: `${base}/anthropic`, api_key: 'foundry-key' }),
    counts: true,
  },
  'foundry-entra': {
    client: (base) => new AnthropicFoundry({ azureADTokenProvider: async () => 'eyJ.entra', baseURL: `${base}/anthropic/`, ...QUIET }),
    model: 'my-deployment',
    name: 'my-deployment',
    upstream: (base) => ({ provider: 'foundry', url: `${base}/anthropic`, cloud_identity: 'azure' }),
    env: (metadata) => ({ IDENTITY_ENDPOINT: `${metadata}/azure/token`, IDENTITY_HEADER: 'proof' }),
    counts: true,
  },
};
