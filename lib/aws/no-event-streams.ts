/**
 * Stands in for the SDK's `@smithy/core/event-streams` in a bundle (`alias` in serverless.yml): no call of the relay streams
 * events. The SDK asks for these two when one does.
 */
export const EventStreamSerde = undefined;
export const eventStreamSerdeProvider = undefined;
