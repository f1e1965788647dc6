<?php

namespace RunCloudRelay\Queue;

/** How one try to send an event ended. */
final class Settlement {
	public const WAITING = 'waiting';
	public const SENT = 'sent';
	/** What it said is no longer true. */
	public const DROPPED = 'dropped';
	public const FAILED = 'failed';
	/** Failed, and a network admin has seen it. */
	public const DISMISSED = 'dismissed';

	public string $state;
	/** When the next try is due; 0 in the final states. */
	public int $dueMs;
	/** One line for people. */
	public string $note;
	/** The HTTP status; 0 without an answer. */
	public int $status;

	private function __construct( string $state, string $note, int $status, int $dueMs = 0 ) {
		$this->state = $state;
		$this->note = $note;
		$this->status = $status;
		$this->dueMs = $dueMs;
	}

	public static function sent( string $note, int $status ): self {
		return new self( self::SENT, $note, $status );
	}

	public static function dropped( string $note ): self {
		return new self( self::DROPPED, $note, 0 );
	}

	public static function failed( string $note, int $status ): self {
		return new self( self::FAILED, $note, $status );
	}

	public static function retryAt( int $dueMs, string $note, int $status ): self {
		return new self( self::WAITING, $note, $status, $dueMs );
	}
}
