<?php

namespace RunCloudRelay\Tests\Doubles;

use RunCloudRelay\Rest\OutcomeMemory;
use RunCloudRelay\Rest\OutcomeReceiver;
use RunCloudRelay\Settings\Pause;
use RunCloudRelay\Status\DomainStatus;
use RunCloudRelay\Status\MappingWriter;
use RunCloudRelay\Status\StatusStore;
use RunCloudRelay\Webhook\RelaySecret;
use RunCloudRelay\Webhook\Signature;
use RuntimeException;

/** All that an outcome touches, in memory. */
final class OutcomeBench implements OutcomeMemory, StatusStore, MappingWriter, Pause {
	/** @var array<string, DomainStatus> */
	public array $saved = [];
	/** @var DomainStatus[] */
	public array $written = [];
	/** @var string[] */
	public array $revived = [];
	public bool $writingFails = false;
	/** @var array<string, string>|null */
	public ?array $pause = null;
	public OutcomeReceiver $receiver;
	private ManualClock $clock;
	/** @var array<string, true> */
	private array $known = [];
	/** @var array<string, int> */
	private array $counts = [];

	public function __construct() {
		$this->clock = new ManualClock();
		$this->receiver = new OutcomeReceiver( $this, $this, $this, $this, $this->clock );
	}

	public function receive( string $body, string $id = 'msg_1', ?string $signature = null, int $skewSeconds = 0 ): int {
		$secret = RelaySecret::parse( Bench::SECRET );
		$at = intdiv( $this->clock->nowMs(), 1000 ) + $skewSeconds;
		return $this->receiver->receive( $body, $id, (string) $at, $signature ?? Signature::sign( $secret, $id, $at, $body ), $secret );
	}

	public function knows( string $webhookId ): bool {
		return isset( $this->known[ $webhookId ] );
	}

	public function remember( string $webhookId, int $nowMs ): void {
		$this->known[ $webhookId ] = true;
	}

	public function admit( string $kind, int $mostInAMinute, int $nowMs ): bool {
		$this->counts[ $kind ] = ( $this->counts[ $kind ] ?? 0 ) + 1;
		return $this->counts[ $kind ] <= $mostInAMinute;
	}

	public function save( DomainStatus $status ): void {
		$this->saved[ $status->domain ] = $status;
	}

	public function find( array $domains ): array {
		return array_intersect_key( $this->saved, array_flip( $domains ) );
	}

	public function mayAsk( string $domain, int $nowMs, int $intervalMs ): bool {
		return true;
	}

	public function countRevival( string $domain, int $nowMs, int $mostInADay ): bool {
		return true;
	}

	public function write( DomainStatus $status ): void {
		if ( $this->writingFails ) {
			throw new RuntimeException( 'The database is away.' );
		}
		$this->written[] = $status;
	}

	public function revive( DomainStatus $status ): void {
		$this->revived[] = $status->domain;
	}

	public function begin( array $details, int $atMs ): void {
		$this->pause = $details;
	}

	public function end( int $atMs ): void {
		$this->pause = null;
	}

	public function current(): ?array {
		return $this->pause;
	}
}
